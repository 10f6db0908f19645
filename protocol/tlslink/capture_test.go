package tlslink

import (
	"bufio"
	"embed"
	"encoding/hex"
	"strings"
	"testing"
)

// Connections of another TLS library, as a proxy saw them. A line is a key log
// line (K) or what a client (C) or server (S) wrote, in hex.
//
//go:embed testdata/*.txt
var captures embed.FS

type write struct {
	dir    Direction
	octets []byte
}

func capture(t testing.TB, name string) (keyLog string, writes []write) {
	t.Helper()
	f, err := captures.Open("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		tag, rest, _ := strings.Cut(in.Text(), " ")
		octets, err := hex.DecodeString(rest)
		switch {
		case tag == "K":
			keyLog += rest + "\n"
		case err != nil && tag != "#":
			t.Fatalf("%s: %v", name, err)
		case tag == "C":
			writes = append(writes, write{ToServer, octets})
		case tag == "S":
			writes = append(writes, write{ToClient, octets})
		}
	}
	return keyLog, writes
}

// dissect gives what a Dissector makes of a capture: its records as text, and
// the plaintext of the application data of both directions.
func dissect(t testing.TB, keyLog string, writes []write) (names []string, plain [2]string) {
	t.Helper()
	d := NewDissector()
	d.Write([]byte(keyLog))
	for _, w := range writes {
		for _, r := range d.Feed(w.dir, w.octets) {
			names = append(names, line(r))
			if r.Inner == contentTypes[typeAppData] {
				plain[w.dir] += string(r.Plain)
			}
		}
	}
	return names, plain
}

type captured struct {
	name    string
	records []string
	plain   [2]string
}

var spoken = [2]string{"EHLO x\n", "250 hello\n"}

var allCaptured = []captured{
	{"tls13-aes256-retry", []string{ // HelloRetryRequest, tickets, KeyUpdate with an answer
		"to-server handshake client_hello",
		"to-client handshake hello_retry_request",
		"to-client change_cipher_spec",
		"to-server change_cipher_spec",
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client application_data [handshake encrypted_extensions]",
		"to-client application_data [handshake certificate]",
		"to-client application_data [handshake certificate_verify]",
		"to-client application_data [handshake finished]",
		"to-server application_data [handshake finished]",
		"to-client application_data [handshake new_session_ticket]",
		"to-client application_data [handshake new_session_ticket]",
		"to-server application_data [application_data]",
		"to-server application_data [handshake key_update]",
		"to-client application_data [handshake key_update]",
		"to-client application_data [application_data]",
		"to-server application_data [alert warning close_notify]",
		"to-client application_data [alert warning close_notify]",
	}, spoken},
	{"tls13-aes128", []string{ // padded records
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client change_cipher_spec",
		"to-client application_data [handshake encrypted_extensions]",
		"to-client application_data [handshake certificate]",
		"to-client application_data [handshake certificate_verify]",
		"to-client application_data [handshake finished]",
		"to-server change_cipher_spec",
		"to-server application_data [handshake finished]",
		"to-client application_data [handshake new_session_ticket]",
		"to-server application_data [application_data]",
		"to-client application_data [application_data]",
		"to-server application_data [alert warning close_notify]",
		"to-client application_data [alert warning close_notify]",
	}, spoken},
	{"tls12-aes256", []string{
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client handshake certificate",
		"to-client handshake server_key_exchange",
		"to-client handshake server_hello_done",
		"to-server handshake client_key_exchange",
		"to-server change_cipher_spec",
		"to-server handshake [handshake finished]",
		"to-client handshake new_session_ticket",
		"to-client change_cipher_spec",
		"to-client handshake [handshake finished]",
		"to-server application_data [application_data]",
		"to-client application_data [application_data]",
		"to-server alert [alert warning close_notify]",
		"to-client alert [alert warning close_notify]",
	}, spoken},
	{"tls13-chacha20", []string{
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
		"to-server application_data [alert warning close_notify]",
		"to-client application_data [alert warning close_notify]",
	}, spoken},
	{"tls12-chacha20", opened12, spoken},
	{"tls12-cbc", sealed12, [2]string{}}, // not an AEAD: stays shut
}

// opened12 is a TLS 1.2 connection without tickets.
var opened12 = []string{
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
	"to-server alert [alert warning close_notify]",
	"to-client alert [alert warning close_notify]",
}

// sealed12 is the same where nobody opens it.
var sealed12 = []string{
	"to-server handshake client_hello",
	"to-client handshake server_hello",
	"to-client handshake certificate",
	"to-client handshake server_key_exchange",
	"to-client handshake server_hello_done",
	"to-server handshake client_key_exchange",
	"to-server change_cipher_spec",
	"to-server handshake [finished]",
	"to-client change_cipher_spec",
	"to-client handshake [finished]",
	"to-server application_data []",
	"to-client application_data []",
	"to-server alert []",
	"to-client alert []",
}

func TestCaptures(t *testing.T) {
	for _, c := range allCaptured {
		t.Run(c.name, func(t *testing.T) {
			keyLog, writes := capture(t, c.name)
			names, plain := dissect(t, keyLog, writes)
			same(t, "record", names, c.records)
			if plain != c.plain {
				t.Errorf("plaintext %q, want %q", plain, c.plain)
			}
		})
	}
}
