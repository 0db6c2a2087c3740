import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { LASTS_MS, type Measurement, type MeasurementStore } from '../engine/backend/measurement.ts';

interface MachineSchema extends DBSchema {
  measurements: { key: string; value: Measurement };
}

/**
 * A database of its own beside the lab's: what is in it can be thrown away at any time, and a change of its layout never
 * waits for a tab that holds a run.
 */
const DATABASE = 'backdoor-lab-machine';

let opened: Promise<IDBPDatabase<MachineSchema>> | null = null;

function open(): Promise<IDBPDatabase<MachineSchema>> {
  opened ??= openDB<MachineSchema>(DATABASE, 1, {
    upgrade: (database) => void database.createObjectStore('measurements'),
    terminated: () => (opened = null),
    // A tab with a later version of the lab wants to change the layout.
    blocking: (_current, _wanted, { target }) => {
      (target as IDBDatabase).close();
      opened = null;
    },
  }).catch((thrown: unknown) => {
    opened = null;
    throw thrown;
  });
  return opened;
}

/**
 * How fast each backend is in this browser. Several tabs and workers may read and write: each record is written whole, and
 * the last one stays. Rejects where there is no storage.
 */
export const measurementStore: MeasurementStore = {
  load: async (machine) => (await open()).get('measurements', machine),
  save: async (machine, measurement) => {
    const transaction = (await open()).transaction('measurements', 'readwrite');
    await transaction.store.put(measurement, machine);
    // Every update of the browser makes another machine of it: what nobody recalls any more goes.
    for await (const cursor of transaction.store) {
      if (cursor.value.measuredAt < Date.now() - LASTS_MS) await cursor.delete();
    }
    await transaction.done;
  },
  forget: async (machine) => (await open()).delete('measurements', machine),
};
