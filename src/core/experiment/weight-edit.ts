/** What an attack on the weights changed, for people: in the notes of a run, in its export, in a terminal. */
export interface WeightEdit {
  method: 'subnet' | 'handcrafted';
  /** Channels or units that now carry the backdoor, by layer from the input on. */
  replaced: { layer: string; channels: number }[];
  /** Numbers that differ from those of the model before. */
  edited: number;
  /**
   * Of the attacker's examples that the edit was not fitted to, the part that it tells apart: silent on the clean ones,
   * loud on the triggered ones. In [0, 1].
   */
  toldApart: number;
}

/** `2 channels of conv1, 2 of conv2 and 2 of fc1`. */
export function editedPlaces({ replaced }: Pick<WeightEdit, 'replaced'>): string {
  const places = replaced.map(({ layer, channels }, at) =>
    at === 0
      ? `${channels} ${channels === 1 ? 'channel' : 'channels'} of ${layer}`
      : `${channels} of ${layer}`,
  );
  const last = places.pop() ?? '';
  return places.length === 0 ? last : `${places.join(', ')} and ${last}`;
}
