import { loadConfig, settingsTable } from '@app/config';
console.log(settingsTable());
try {
  console.log(loadConfig());
} catch (e) {
  console.log(String(e));
}
