"""The same callbacks taken by other libraries, which store nothing: what people use instead."""
