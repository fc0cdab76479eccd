"""What households earn that does not hang on a sale: wages, purchases, dividends, rent, raising; donations apart."""
