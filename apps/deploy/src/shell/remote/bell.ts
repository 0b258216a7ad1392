/** Wakes those who wait for something, whenever anything has happened. */
export class Bell {
  private readonly sleepers = new Set<() => void>();

  ring(): void {
    for (const wake of this.sleepers) wake();
  }

  /** @returns when the condition holds, or after so many ms; whether it holds */
  until(condition: () => boolean, timeoutMs?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(look);
        resolve(condition());
      };
      const look = (): void => {
        if (condition()) finish();
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(finish, timeoutMs);
      this.sleepers.add(look);
      look();
    });
  }
}
