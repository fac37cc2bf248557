"""Importers: weights in the formats of other runtimes, made into ONNX. The same input gives the same bytes."""
