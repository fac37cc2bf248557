// @ts-check
/** What shading needs and the files leave out, worked out from the triangles. Pure. */

/**
 * For each vertex the first one at the same place: vertices are doubled along the seams of textures, and must be lit alike.
 * @param {Float32Array} positions
 */
export function weld(positions) {
  /** @type {Map<string, number>} */
  const first = new Map();
  const twins = new Uint32Array(positions.length / 3);
  for (let vertex = 0; vertex < twins.length; vertex += 1) {
    const key = `${positions[vertex * 3]},${positions[vertex * 3 + 1]},${positions[vertex * 3 + 2]}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, vertex);
    twins[vertex] = known ?? vertex;
  }
  return twins;
}

/**
 * Normals that are smooth across seams, weighted by the area of the triangles.
 * @param {Float32Array} positions
 * @param {Uint32Array} indices
 * @param {Uint32Array} twins of `weld`
 */
export function smoothNormals(positions, indices, twins) {
  const normals = new Float32Array(positions.length);
  for (let corner = 0; corner < indices.length; corner += 3) addTriangle(normals, positions, indices, twins, corner);
  for (let vertex = 0; vertex < twins.length; vertex += 1) {
    const from = twins[vertex] * 3;
    const length = Math.hypot(normals[from], normals[from + 1], normals[from + 2]) || 1;
    // A twin comes after its first vertex, which by then has length one already: dividing again changes nothing.
    for (let axis = 0; axis < 3; axis += 1) normals[vertex * 3 + axis] = normals[from + axis] / length;
  }
  return normals;
}

/** @param {Float32Array} normals @param {Float32Array} p @param {Uint32Array} indices @param {Uint32Array} twins @param {number} corner */
function addTriangle(normals, p, indices, twins, corner) {
  const [a, b, c] = [indices[corner] * 3, indices[corner + 1] * 3, indices[corner + 2] * 3];
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  for (let step = 0; step < 3; step += 1) {
    const to = twins[indices[corner + step]] * 3;
    normals[to] += nx;
    normals[to + 1] += ny;
    normals[to + 2] += nz;
  }
}

/**
 * How the normals change with a morph target, so that a smile has its folds and a raised brow its light.
 * @param {Float32Array} positions
 * @param {Uint32Array} indices
 * @param {Uint32Array} twins
 * @param {Float32Array} normals of the part at rest, as `smoothNormals` gives them
 * @param {Float32Array} offsets of the target
 */
export function morphNormals(positions, indices, twins, normals, offsets) {
  const moved = positions.map((value, index) => value + offsets[index]);
  const turned = smoothNormals(moved, indices, twins);
  return turned.map((value, index) => value - normals[index]);
}

/**
 * The direction of the strand at each vertex: along which the first texture coordinate grows.
 * @param {Float32Array} positions
 * @param {Float32Array} uvs
 * @param {Uint32Array} indices
 */
export function strandDirections(positions, uvs, indices) {
  const directions = new Float32Array(positions.length);
  for (let corner = 0; corner < indices.length; corner += 3) {
    const [a, b, c] = [indices[corner], indices[corner + 1], indices[corner + 2]];
    const [du1, dv1] = [uvs[b * 2] - uvs[a * 2], uvs[b * 2 + 1] - uvs[a * 2 + 1]];
    const [du2, dv2] = [uvs[c * 2] - uvs[a * 2], uvs[c * 2 + 1] - uvs[a * 2 + 1]];
    const area = du1 * dv2 - du2 * dv1;
    if (Math.abs(area) < 1e-12) continue;
    for (let axis = 0; axis < 3; axis += 1) {
      const along1 = positions[b * 3 + axis] - positions[a * 3 + axis];
      const along2 = positions[c * 3 + axis] - positions[a * 3 + axis];
      const direction = (along1 * dv2 - along2 * dv1) * Math.sign(area);
      for (const vertex of [a, b, c]) directions[vertex * 3 + axis] += direction;
    }
  }
  for (let start = 0; start < directions.length; start += 3) {
    const length = Math.hypot(directions[start], directions[start + 1], directions[start + 2]);
    if (length > 0) for (let axis = 0; axis < 3; axis += 1) directions[start + axis] /= length;
    else directions[start + 1] = -1;
  }
  return directions;
}

/**
 * Where each vertex lies across its ribbon, from -1 to 1: ribbons are pieces of the mesh that hang together, whose second texture
 * coordinate runs across. A piece without width (the scalp) is all middle.
 * @param {Float32Array} uvs
 * @param {Uint32Array} indices
 */
export function acrossRibbons(uvs, indices) {
  const count = uvs.length / 2;
  const pieces = Uint32Array.from({ length: count }, (_, vertex) => vertex);
  const root = (/** @type {number} */ vertex) => {
    while (pieces[vertex] !== vertex) vertex = pieces[vertex] = pieces[pieces[vertex]];
    return vertex;
  };
  for (let corner = 0; corner < indices.length; corner += 3) {
    for (const other of [indices[corner + 1], indices[corner + 2]]) pieces[root(other)] = root(indices[corner]);
  }
  const least = new Float32Array(count).fill(Infinity);
  const most = new Float32Array(count).fill(-Infinity);
  for (let vertex = 0; vertex < count; vertex += 1) {
    const piece = root(vertex);
    least[piece] = Math.min(least[piece], uvs[vertex * 2 + 1]);
    most[piece] = Math.max(most[piece], uvs[vertex * 2 + 1]);
  }
  return Float32Array.from({ length: count }, (_, vertex) => {
    const piece = root(vertex);
    const width = most[piece] - least[piece];
    return width > 0 ? (2 * (uvs[vertex * 2 + 1] - least[piece])) / width - 1 : 0;
  });
}
