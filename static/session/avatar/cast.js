// @ts-check

/** Personas that can be shown. */
export const PERSONAS = Object.freeze(["ava", "leo", "amara", "kenji", "sofia", "ravi"]);

/** One that can be shown, for any name. @param {string | null} name */
export const personaOr = (name) => (name !== null && PERSONAS.includes(name) ? name : PERSONAS[0]);
