"""What the formats share: strict decoding, safe XML, hidden text, text with its units."""
