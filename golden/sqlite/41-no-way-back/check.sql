SELECT encoding = 'UTF-16le' FROM pragma_encoding;
