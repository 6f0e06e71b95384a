SELECT id || keep = '4k' FROM d;
