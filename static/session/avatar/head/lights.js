// @ts-check
/** The light of a calm room: a large soft window to the viewer's left, a bright wall to the right, a cool edge from behind. */

/** @typedef {any} Three the module of three.js */

/**
 * @param {Three} three
 * @param {any} scene
 * @param {import("./frame.js").Frame} frame what is in the picture, to which the shadow is fitted
 */
export function addLights(three, scene, { centre: [x, y, z], height }) {
  const key = new three.DirectionalLight(0xfff1e4, 3.0);
  const target = new three.Object3D();
  target.position.set(x, y, z - 0.6);
  key.position.set(x - 4.2, y + 5.2, z + 7.5);
  key.target = target;
  key.castShadow = true;
  key.shadow.mapSize.set(1024, 1024);
  key.shadow.radius = 6;
  key.shadow.intensity = 0.72;
  key.shadow.bias = -0.0008;
  key.shadow.normalBias = 0.035;
  Object.assign(key.shadow.camera, { left: -height * 0.6, right: height * 0.6, top: height * 0.6, bottom: -height * 0.6, near: 2, far: 18 });
  const fill = new three.DirectionalLight(0xe8ecff, 0.35);
  fill.position.set(x + 6, y + 0.5, z + 5);
  fill.target = target;
  const rim = new three.DirectionalLight(0xdde6ff, 1.3);
  rim.position.set(x + 5, y + 4, z - 6.5);
  rim.target = target;
  scene.add(key, fill, rim, target);
  return key;
}

/**
 * What is reflected: a dim room with a window and a bright wall, drawn once.
 * @param {Three} three
 * @param {any} renderer
 * @returns {any} a render target; its texture is the environment
 */
export function roomEnvironment(three, renderer) {
  const room = new three.Scene();
  const material = (/** @type {number[]} */ colour) => new three.MeshBasicMaterial({ color: new three.Color(...colour), side: three.DoubleSide });
  const walls = new three.Mesh(new three.SphereGeometry(20, 24, 16), material([0.34, 0.33, 0.33]));
  room.add(walls);
  /** @param {number[]} size @param {number[]} place @param {number[]} colour */
  const panel = (size, place, colour) => {
    const mesh = new three.Mesh(new three.PlaneGeometry(...size), material(colour));
    mesh.position.set(...place);
    mesh.lookAt(0, 0, 0);
    room.add(mesh);
  };
  panel([5, 7], [-8, 5.5, 9], [7.5, 7.0, 6.4]);
  panel([6, 8], [11, 2, 6], [0.9, 0.95, 1.05]);
  panel([14, 8], [0, 13, 1], [1.6, 1.6, 1.6]);
  panel([30, 30], [0, -12, 0], [0.2, 0.17, 0.15]);
  const generator = new three.PMREMGenerator(renderer);
  const target = generator.fromScene(room, 0, 0.1, 60, { size: 64 });
  generator.dispose();
  room.traverse((/** @type {any} */ object) => {
    object.geometry?.dispose();
    object.material?.dispose();
  });
  return target;
}
