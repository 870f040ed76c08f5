"""The words of the files, in English and in Chinese, and how a stranger's text is made fit to be shown."""
