"""An application's life, its pages and its document, without I/O."""
