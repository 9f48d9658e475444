"""The pages of units: look, search, import and export, and the dated deeds that reorganise them."""
