"""The wiki of the fictional country: its pages, and tasks with known answers."""

SAMPLE_REQUEST = "What is the population of the town where the company that built the Star of Mévörna is based?"
