"""The demo: an invented ministry grown from a spec. Every page says that its figures are invented."""
