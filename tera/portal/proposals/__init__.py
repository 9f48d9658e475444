"""Which units are put forward for WBK and WBBM, why not the others, and the letters that say so."""
