"""Public notices and the objections people raise against them."""
