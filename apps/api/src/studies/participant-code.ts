import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const LETTERS = 26;
const CODE_LENGTH = 6;
const SHAPE = new RegExp(`^[A-Z]{${CODE_LENGTH}}$`);
const FIRST_LETTER = 'A'.charCodeAt(0);

/** Makes participant codes: six capital letters from the system's own source of chance. */
@Injectable()
export class ParticipantCodes {
  draw(): string {
    const letters = Array.from({ length: CODE_LENGTH }, () => FIRST_LETTER + randomInt(LETTERS));
    return String.fromCharCode(...letters);
  }
}

/** A code as a person may have typed it, in the form in which it was given out. */
export function normaliseCode(typed: string): string {
  return typed.trim().toUpperCase();
}

/** Whether a text has the form of a code; others must not reach the database, whose column knows no other letters. */
export function isCode(text: string): boolean {
  return SHAPE.test(text);
}
