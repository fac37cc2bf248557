"""How the weights of the OCR-B reader are made: lines are drawn, worn out, cut by the reader's own grid, and learned.

Data card. All lines are drawn from the OCR-B font of the artefact ``ocr-b-font`` (OCRB7.ttf, MIT) with random
characters; no picture of a document is used. Worn out means: resolution down to 11 px of height, blur, grain, JPEG,
uneven light, fine lines of a background, thinner and thicker strokes, slant, a little rotation. One seed gives one
file, bit by bit on one machine. Held-out figures are printed at the end and stand in docs/models.md.
"""
