"""What others do with the same work, each imported only when it is measured."""
