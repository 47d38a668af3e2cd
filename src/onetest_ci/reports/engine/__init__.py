"""What readers of several formats share: streams of XML, JSON and lines, records, texts and times."""
