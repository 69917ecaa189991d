"""Files of processes/ and forms/ are read into typed models that lose nothing."""
