"""What the labs in Keras and PyTorch share. Nothing here is imported unless a lab asks for it."""
