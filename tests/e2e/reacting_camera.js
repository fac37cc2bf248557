// A camera before which somebody sits who turns the head when the session asks for it. Installed before the
// microphone's script, which wraps it and keeps the server's messages. CLIPS are frames as base64 JPEG.
(() => {
  if (!navigator.mediaDevices) return;
  const clips = "CLIPS";
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const context = canvas.getContext("2d");
  const noise = Object.assign(document.createElement("canvas"), { width: 800, height: 640 });
  const reactionMs = 700;

  const drift = (value, least) => 0.97 * value + (Math.random() + Math.random() + Math.random() - 1.5) * least;
  const decoded = (frames) =>
    Promise.all(frames.map((text) => createImageBitmap(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: "image/jpeg" }))));
  const asked = () => {
    const last = window.testMessages?.findLast(({ type }) => type.startsWith("checkChallenge"));
    return last?.type === "checkChallenge" && performance.now() - last.at > reactionMs;
  };

  const makeNoise = () => {
    const pixels = new ImageData(noise.width, noise.height);
    for (let i = 0; i < pixels.data.length; i += 1) pixels.data[i] = i % 4 === 3 ? 8 : Math.random() * 255;
    noise.getContext("2d").putImageData(pixels, 0, 0);
  };

  // No picture ever comes twice: hands shake, light changes, sensors are noisy.
  const film = async () => {
    const [calm, turns] = await Promise.all([decoded(clips.calm), decoded(clips.turns)]);
    makeNoise();
    let [position, turning, left, top, gain] = [0, -1, 0, 0, 0];
    setInterval(() => {
      [left, top, gain] = [drift(left, 4), drift(top, 4), drift(gain, 0.02)];
      if (turning < 0 && asked()) turning = 0;
      const frame = turning < 0 ? calm[Math.floor(position) % calm.length] : turns[Math.floor(turning)];
      context.filter = `brightness(${1 + gain})`;
      context.drawImage(frame, left - 16, top - 12, canvas.width + 32, canvas.height + 24);
      context.filter = "none";
      context.drawImage(noise, -Math.random() * 150, -Math.random() * 150);
      position += Math.random() * 2;
      if (turning >= 0) turning = turning + 1 < turns.length ? turning + 1 : -1;
    }, 1000 / 15);
    return canvas.captureStream(15);
  };
  let stream = null;
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    if (!constraints.video) return original(constraints);
    stream ??= film();
    return (await stream).clone();
  };
})();
