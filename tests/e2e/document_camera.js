// A second camera, for documents: a canvas on which the test lays what is to be seen. The camera for the face stays the
// browser's own fake one. Installed before the microphone's script, which wraps it.
(() => {
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const canvas = Object.assign(document.createElement("canvas"), { width: 1920, height: 1080 });
  const context = canvas.getContext("2d");
  let shown = null;
  let frames = 0;
  setInterval(() => {
    context.fillStyle = "#6b5f52";
    context.fillRect(0, 0, canvas.width, canvas.height);
    // A hand is never quite still.
    const sway = Math.sin(frames++ / 2);
    if (shown) context.drawImage(shown, sway, sway / 2, canvas.width, canvas.height);
  }, 125);
  navigator.mediaDevices.getUserMedia = (constraints) =>
    (constraints.video?.width?.ideal ?? 0) >= 1280 ? Promise.resolve(canvas.captureStream(8)) : original(constraints);
  window.testDocument = {
    async show(address) {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
      shown = picture;
    },
  };
})();
