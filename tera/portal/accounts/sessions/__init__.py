"""Sessions that know whose they are, so that people can end their own."""
