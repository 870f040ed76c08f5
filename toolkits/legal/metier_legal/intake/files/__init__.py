"""Files, folders and archives as documents; none is unpacked to disk."""
