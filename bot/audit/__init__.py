"""The hash-chained record of what people and operations did."""
