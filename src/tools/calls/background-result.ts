import { isObject } from '../../base/json.js';

/** The same in every copy of this package: a user's module may bring its own. */
const brand = Symbol.for('voxterm.backgroundResult');

/** A result that the model is not asked to speak about. Created by `backgroundResult`. */
export interface BackgroundResult {
  readonly value: unknown;
}

/** Wraps a result of `execute`: the model gets the value, but is not asked to speak about it. */
export function backgroundResult(value: unknown): BackgroundResult {
  return Object.freeze({ [brand]: true, value });
}

export function isBackgroundResult(result: unknown): result is BackgroundResult {
  return isObject(result) && Reflect.get(result, brand) === true;
}
