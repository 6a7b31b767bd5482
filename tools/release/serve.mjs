// Serves one file on this machine at every path, and prints the address. Ends with the process.

import {createReadStream} from 'node:fs';
import {createServer} from 'node:http';

const [file] = process.argv.slice(2);
const server = createServer((request, response) => createReadStream(file).on('error', (error) => response.destroy(error)).pipe(response));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
