"""The FIFO queue that announces submissions."""
