package tlslink

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"testing"
)

//go:embed testdata/binding.json
var bindingFile []byte

type bindingVector struct {
	ID string `json:"id"`
	In struct {
		Certificate string `json:"certificate_der_base64"`
		Master      string `json:"exporter_master_secret_hex"`
	} `json:"in"`
	Out struct {
		Value string `json:"value_hex"`
	} `json:"out"`
	Expect string `json:"expect"`
}

// CHB-03, group channel-binding: the hash follows the signature algorithm, and
// Ed25519 names none.
func TestEndPoint(t *testing.T) {
	var groups map[string][]bindingVector
	if err := json.Unmarshal(bindingFile, &groups); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, v := range groups["channel-binding"] {
		if v.In.Certificate == "" {
			continue
		}
		n++
		der, err := base64.StdEncoding.DecodeString(v.In.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		got := EndPoint(cert)
		if hex.EncodeToString(got) != v.Out.Value || (got == nil) != (v.Expect == "undefined") {
			t.Errorf("%s: %x, want %s", v.ID, got, v.Out.Value)
		}
	}
	if n != 8 {
		t.Errorf("%d certificates", n)
	}
}

// CHB-01, cb-tls-exporter-1: what the library is asked for is RFC 8446 §7.5's
// exporter with this label, recomputed here from the vector's secret.
func TestExporterLabel(t *testing.T) {
	var groups map[string][]bindingVector
	if err := json.Unmarshal(bindingFile, &groups); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, v := range groups["channel-binding"] {
		if v.In.Master == "" {
			continue
		}
		n++
		master, err := hex.DecodeString(v.In.Master)
		if err != nil {
			t.Fatal(err)
		}
		empty := sha512.Sum384(nil)
		derived := expand(master, exporterLabel, empty[:], sha512.Size384)
		if got := expand(derived, "exporter", empty[:], exporterLength); hex.EncodeToString(got) != v.Out.Value {
			t.Errorf("%s: %x, want %s", v.ID, got, v.Out.Value)
		}
	}
	if n != 1 {
		t.Errorf("%d exporters", n)
	}
}

// expand is HKDF-Expand-Label with SHA-384 for one block of output.
func expand(secret []byte, label string, context []byte, length int) []byte {
	info := binary.BigEndian.AppendUint16(nil, uint16(length))
	info = append(append(info, byte(len("tls13 "+label))), "tls13 "+label...)
	info = append(append(info, byte(len(context))), context...)
	mac := hmac.New(sha512.New384, secret)
	mac.Write(append(info, 1))
	return mac.Sum(nil)[:length]
}

// CHB-01, CHB-02, CHB-04: both ends have the same data, another connection has
// other ones, and TLS 1.2 has no exporter.
func TestBindings(t *testing.T) {
	var before []byte
	for _, version := range []uint16{tls.VersionTLS13, tls.VersionTLS13, tls.VersionTLS12} {
		w := goodWire(t, version, nil)
		w.shake(t)
		client, server := w.client.Exporter(), w.server.Exporter()
		if !bytes.Equal(client, server) || (len(client) == 32) != (version == tls.VersionTLS13) || client != nil && bytes.Equal(client, before) {
			t.Errorf("%x: exporter %x, %x", version, client, server)
		}
		before = client
		if a, b := w.client.EndPoint(), w.server.EndPoint(); !bytes.Equal(a, b) || len(a) != 32 {
			t.Errorf("%x: end point %x, %x", version, a, b)
		}
	}
	idle := NewClient(Identity{}, Options{Host: "mail.example.org"})
	if idle.Exporter() != nil || idle.EndPoint() != nil {
		t.Error("a binding before there is a connection")
	}
}
