"""Time-boxed access to datasets: grants are rows, and what Google shows is brought to them."""
