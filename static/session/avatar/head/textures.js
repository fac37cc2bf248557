// @ts-check
/** Small textures drawn once, the same each time: grain for skin and cloth, and the iris. */

/** @typedef {any} Three the module of three.js */

const GRAIN_SIZE = 256;

/** @param {number} seed @returns {() => number} numbers in [0, 1) that look random (mulberry32) */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A height field that repeats: smooth noise of several sizes, with pores as small pits.
 * @param {number} seed
 * @param {number} pores
 */
function heights(seed, pores) {
  const random = randomFrom(seed);
  const size = GRAIN_SIZE;
  const field = new Float32Array(size * size);
  for (const [cells, weight] of /** @type {[number, number][]} */ ([[16, 0.3], [32, 0.35], [64, 0.5], [128, 0.35]])) {
    const grid = Float32Array.from({ length: cells * cells }, random);
    const step = cells / size;
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) field[y * size + x] += weight * smooth(grid, cells, x * step, y * step);
    }
  }
  for (let pore = 0; pore < pores; pore += 1) dig(field, random() * size, random() * size, 1.2 + random() * 1.6, 0.5 + random() * 0.5);
  return field;
}

/** @param {Float32Array} grid @param {number} cells @param {number} x @param {number} y */
function smooth(grid, cells, x, y) {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const ease = (/** @type {number} */ share) => share * share * (3 - 2 * share);
  const [fx, fy] = [ease(x - x0), ease(y - y0)];
  const value = (/** @type {number} */ column, /** @type {number} */ row) => grid[(row % cells) * cells + (column % cells)];
  const above = value(x0, y0) * (1 - fx) + value(x0 + 1, y0) * fx;
  const below = value(x0, y0 + 1) * (1 - fx) + value(x0 + 1, y0 + 1) * fx;
  return above * (1 - fy) + below * fy;
}

/** @param {Float32Array} field @param {number} x @param {number} y @param {number} radius @param {number} depth */
function dig(field, x, y, radius, depth) {
  const reach = Math.ceil(radius * 2);
  for (let row = -reach; row <= reach; row += 1) {
    for (let column = -reach; column <= reach; column += 1) {
      const at = ((Math.floor(y) + row + GRAIN_SIZE) % GRAIN_SIZE) * GRAIN_SIZE + ((Math.floor(x) + column + GRAIN_SIZE) % GRAIN_SIZE);
      field[at] -= depth * Math.exp(-(row * row + column * column) / (radius * radius));
    }
  }
}

/**
 * Slopes (red, green: 0.5 = level) and height (blue, 0.5 on average) of a grain; repeats.
 * @param {Three} three
 * @param {number} seed
 * @param {number} pores
 */
export function grainTexture(three, seed, pores) {
  const field = heights(seed, pores);
  const pixels = new Uint8Array(field.length * 4);
  const last = GRAIN_SIZE - 1;
  for (let y = 0; y < GRAIN_SIZE; y += 1) {
    for (let x = 0; x < GRAIN_SIZE; x += 1) {
      const here = y * GRAIN_SIZE + x;
      const slopeX = field[here] - field[y * GRAIN_SIZE + ((x + 1) & last)];
      const slopeY = field[here] - field[((y + 1) & last) * GRAIN_SIZE + x];
      pixels.set([128 + 160 * slopeX, 128 + 160 * slopeY, 128 + 300 * (field[here] - 0.75), 255].map((value) => Math.max(0, Math.min(255, value))), here * 4);
    }
  }
  const texture = new three.DataTexture(pixels, GRAIN_SIZE, GRAIN_SIZE, three.RGBAFormat);
  texture.wrapS = texture.wrapT = three.RepeatWrapping;
  texture.magFilter = three.LinearFilter;
  texture.minFilter = three.LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.anisotropy = 4;
  texture.needsUpdate = true;
  return texture;
}

const IRIS_SIZE = 512;

/** How far the picture of the iris reaches, in radii of the iris: what lies beyond is the white of the eye. */
export const IRIS_REACH = 1.3;

/**
 * The iris seen from the front, with pupil, fibres and a soft dark ring, on the white of the eye.
 * @param {Three} three
 * @param {readonly number[]} colour sRGB, 0 to 255
 * @param {number} seed
 */
export function irisTexture(three, colour, seed) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = IRIS_SIZE;
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const radius = IRIS_SIZE / 2 / IRIS_REACH;
  brush.fillStyle = "#efe7e1";
  brush.fillRect(0, 0, IRIS_SIZE, IRIS_SIZE);
  brush.translate(IRIS_SIZE / 2, IRIS_SIZE / 2);
  const tone = (/** @type {number} */ light, /** @type {number} */ opacity = 1) =>
    `rgb(${colour.map((value) => Math.min(255, Math.round(value * light))).join(" ")} / ${opacity})`;
  const ground = brush.createRadialGradient(0, 0, radius * 0.3, 0, 0, radius * 1.1);
  for (const [at, light, opacity] of [[0, 0.95, 1], [0.35, 1.1, 1], [0.62, 0.85, 1], [0.76, 0.4, 1], [0.86, 0.24, 0.8], [1, 0.2, 0]]) {
    ground.addColorStop(at, tone(light, opacity));
  }
  disc(brush, radius * 1.1, ground);
  fibres(brush, radius, tone, randomFrom(seed));
  const pupil = brush.createRadialGradient(0, 0, radius * 0.26, 0, 0, radius * 0.42);
  pupil.addColorStop(0, "#050303");
  pupil.addColorStop(0.55, "#070403");
  pupil.addColorStop(1, "#07040300");
  disc(brush, radius * 0.42, pupil);
  const texture = new three.CanvasTexture(canvas);
  texture.colorSpace = three.SRGBColorSpace;
  texture.anisotropy = 4;
  return texture;
}

/** @param {CanvasRenderingContext2D} brush @param {number} radius @param {CanvasGradient} fill */
function disc(brush, radius, fill) {
  brush.fillStyle = fill;
  brush.beginPath();
  brush.arc(0, 0, radius, 0, 2 * Math.PI);
  brush.fill();
}

/** @param {CanvasRenderingContext2D} brush @param {number} radius @param {(light: number, opacity?: number) => string} tone @param {() => number} random */
function fibres(brush, radius, tone, random) {
  brush.lineCap = "round";
  for (let fibre = 0; fibre < 420; fibre += 1) {
    const angle = random() * 2 * Math.PI;
    const inner = radius * (0.32 + 0.2 * random());
    const outer = radius * (0.55 + 0.38 * random());
    const bright = random() < 0.62;
    brush.strokeStyle = bright ? tone(1.35 + 0.7 * random(), 0.2 + 0.25 * random()) : tone(0.35, 0.22);
    brush.lineWidth = 0.8 + 2 * random();
    const swing = (random() - 0.5) * 0.1;
    brush.beginPath();
    brush.moveTo(Math.cos(angle) * inner, Math.sin(angle) * inner);
    brush.quadraticCurveTo(Math.cos(angle + swing) * (inner + outer) / 2, Math.sin(angle + swing) * (inner + outer) / 2, Math.cos(angle) * outer, Math.sin(angle) * outer);
    brush.stroke();
  }
}
