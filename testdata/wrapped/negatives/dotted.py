settings.error_encoding_error_handler = eyJ.foo.bar
