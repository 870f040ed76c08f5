"""The ways to make a correct answer wrong, by what they falsify."""
