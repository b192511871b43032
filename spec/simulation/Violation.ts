/** Something happened that the model does not allow. */
export class Violation extends Error {
  override name = 'Violation';
}
