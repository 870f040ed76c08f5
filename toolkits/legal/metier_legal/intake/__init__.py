"""Reading law and cases from the files of those who publish them. Streams; writes nothing."""
