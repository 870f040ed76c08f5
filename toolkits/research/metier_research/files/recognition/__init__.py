"""Words in pictures, sound and film, recognised by extras that the user installs."""
