"""Cameras for tests of the page: one that looks at the person, one that looks away and sees a card."""

CAMERAS = """() => {
  const kinds = {
    front: { width: 640, height: 480, label: 'Front camera', facingMode: 'user', torch: false },
    rear: { width: 1920, height: 1080, label: 'Back camera', facingMode: 'environment', torch: true },
  };
  window.cameras = { present: ['front', 'rear'], refuse: '', opened: [], live: () => [] };
  const tracks = [];
  window.cameras.live = () => tracks.filter((track) => track.readyState === 'live').map((track) => track.kindOfCamera);
  const open = (id) => {
    const { width, height, label, facingMode, torch } = kinds[id];
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const brush = canvas.getContext('2d');
    const paint = () => {
      brush.fillStyle = id === 'rear' ? '#6b5a49' : '#b9a58f';
      brush.fillRect(0, 0, width, height);
      if (id !== 'rear') return;
      brush.fillStyle = '#e9eef6';
      brush.fillRect(480, 240, 960, 606);
      brush.fillStyle = '#7d8aa3';
      brush.fillRect(540, 330, 250, 330);
      brush.font = '44px sans-serif';
      ['UTOPIA', 'ERIKSSON', 'ANNA MARIA', '12 AUG 1974'].forEach((text, i) => brush.fillText(text, 850, 380 + 80 * i));
    };
    paint();
    const timer = setInterval(paint, 100);
    const [track] = canvas.captureStream(15).getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => { clearInterval(timer); stop(); };
    const settings = { deviceId: id, width, height, frameRate: 15, facingMode };
    track.getSettings = () => settings;
    track.getCapabilities = () => (torch ? { torch: true } : {});
    track.applyConstraints = async (wish) => { window.cameras.applied = wish; };
    Object.defineProperty(track, 'label', { value: label });
    track.kindOfCamera = id;
    tracks.push(track);
    return track;
  };
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    const { present, refuse, opened } = window.cameras;
    const stream = audio ? await real({ audio }) : new MediaStream();
    if (!video) return stream;
    if (refuse) throw new DOMException('no', refuse);
    const facing = video.facingMode?.exact;
    const wanted = video.deviceId?.exact
      ?? (facing ? Object.keys(kinds).find((id) => kinds[id].facingMode === facing) : present[0]);
    if (!present.includes(wanted)) throw new DOMException('no such camera', 'OverconstrainedError');
    opened.push([wanted, video.width.ideal]);
    stream.addTrack(open(wanted));
    return stream;
  };
  navigator.mediaDevices.enumerateDevices = async () =>
    window.cameras.present.map((deviceId) => ({ kind: 'videoinput', deviceId, label: kinds[deviceId].label }));
}"""
"""``window.cameras``: ``present`` and ``refuse`` (name of a DOMException) may be set; ``opened`` lists (id, width that
was asked for), ``live()`` the cameras whose light is on, ``applied`` the last constraints."""
