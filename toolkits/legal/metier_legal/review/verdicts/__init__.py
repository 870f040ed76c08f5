"""What the corpus says of each citation and quote of a document. Pure, given a corpus."""
