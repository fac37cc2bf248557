// A microphone that speaks what the test plays into it. Installed before the page's own scripts; everything behind it
// (Opus, RTP, jitter buffer, voice activity, Whisper) is real.
(() => {
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  let context, destination;
  const microphone = () => {
    if (!context) {
      context = new AudioContext({ sampleRate: 48000 });
      destination = context.createMediaStreamDestination();
      // A faint noise floor, as every real microphone has.
      const noise = context.createBuffer(1, 48000, 48000);
      noise.getChannelData(0).forEach((_, i, data) => { data[i] = (Math.random() * 2 - 1) * 1e-4; });
      const floor = context.createBufferSource();
      floor.buffer = noise;
      floor.loop = true;
      floor.connect(destination);
      floor.start();
    }
    return destination.stream.getAudioTracks()[0].clone();
  };
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = new MediaStream();
    if (constraints.audio) stream.addTrack(microphone());
    if (constraints.video) (await original({ video: constraints.video })).getTracks().forEach((t) => stream.addTrack(t));
    return stream;
  };
  window.testMicrophone = {
    async say(base64) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const buffer = await context.decodeAudioData(bytes.buffer);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(destination);
      source.start();
      await new Promise((done) => { source.onended = done; });
    },
  };
})();

// Every message that the server sends, for the test to look at.
(() => {
  window.testMessages = [];
  const original = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...parts) {
    const channel = original.apply(this, parts);
    channel.addEventListener("message", (event) => window.testMessages.push({ at: performance.now(), ...JSON.parse(event.data) }));
    return channel;
  };
})();
