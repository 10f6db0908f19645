package tlslink

import "testing"

var handshakes = map[string][]string{
	"TLS 1.3": {
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client change_cipher_spec",
		"to-client application_data [handshake encrypted_extensions]",
		"to-client application_data [handshake certificate]",
		"to-client application_data [handshake certificate_verify]",
		"to-client application_data [handshake finished]",
		"to-server change_cipher_spec",
		"to-server application_data [handshake finished]",
		"to-server application_data [application_data]",
		"to-client application_data [application_data]",
		"to-client application_data [alert warning close_notify]",
	},
	"TLS 1.2": {
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client handshake certificate",
		"to-client handshake server_key_exchange",
		"to-client handshake server_hello_done",
		"to-server handshake client_key_exchange",
		"to-server change_cipher_spec",
		"to-server handshake [handshake finished]",
		"to-client change_cipher_spec",
		"to-client handshake [handshake finished]",
		"to-server application_data [application_data]",
		"to-client application_data [application_data]",
		"to-client alert [alert warning close_notify]",
	},
}

func conversation(t *testing.T, w *wire) {
	w.shake(t)
	w.client.Write([]byte("QUIT\r\n"))
	w.server.Write([]byte("221 2.0.0 bye\r\n"))
	w.server.CloseNotify()
	w.pump()
}

func TestRecordNames(t *testing.T) {
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			w := goodWire(t, v.version, nil)
			conversation(t, w)
			same(t, "record", lines(w.records), handshakes[v.name])
			for _, r := range w.records {
				if len(r.Octets) != headerLen+r.Length || r.Size > r.Length || r.Sealed && r.Size != len(r.Plain) {
					t.Errorf("%s: %d octets, length %d, size %d, plain %d", line(r), len(r.Octets), r.Length, r.Size, len(r.Plain))
				}
			}
		})
	}
}
