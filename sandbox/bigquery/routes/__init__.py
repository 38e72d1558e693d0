"""One module per family of endpoints; app.py lists them."""
