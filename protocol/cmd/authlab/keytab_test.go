//go:build !js

package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/sasl/kerberos"
)

// Keytabs as MIT Kerberos 1.20.1 wrote them: ktadd with smtp/mail.example.org
// twice, each time for three types, behind a key of imap; sha2 with types that
// are not known here; ktrem with nothing left; ktutil with a key of a password.
func TestReadKeytab(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"ktadd", "3:c07bd8890fe5b38f6a46b23b79ba6f088da9e0860ca959883c3a0a46ab7f8841 3:92dc7b85e452feca06c64d5a325498c7 " +
			"2:eaeb5fe1f2412336d64c2d4bcb299b06d7e8d3cb3ecdec73735b204036353062 2:6ab528ccdc0a89fcd83317be5d1b0a83"},
		{"ktutil", "1:29de7340c485d0a40b3779ba774d82cc"},
	} {
		k, err := readKeytab("testdata/keytab/"+c.file, "Mail.Example.ORG")
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, key := range k.Keys {
			keys = append(keys, fmt.Sprintf("%d:%x", key.Version, key.Key))
		}
		if got := strings.Join(keys, " "); got != c.want || k.Realm != "EXAMPLE.ORG" || hex.EncodeToString(k.Key) != strings.Split(keys[0], ":")[1] {
			t.Errorf("%s: %+v", c.file, k)
		}
	}
}

// What is no use is one line and exit status 2.
func TestBadKeytab(t *testing.T) {
	ktadd, err := os.ReadFile("testdata/keytab/ktadd")
	if err != nil {
		t.Fatal(err)
	}
	realms := string(ktadd) + strings.ReplaceAll(string(ktadd[2:]), "EXAMPLE.ORG", "EXAMPLE.COM")
	letters := file(t, "letters", "no keytab\n")
	for _, c := range []struct{ file, want string }{
		{letters, letters + " is no keytab"},
		{letters + "x", "open " + letters + "x: no such file or directory"},
		{file(t, "empty", ""), "is empty"},
		{file(t, "head", "\x05\x02"), "has no key of smtp/mail.example.org"},
		{file(t, "cut", string(ktadd[:len(ktadd)-1])), "is no keytab"},
		{file(t, "realms", realms), "has keys of smtp/mail.example.org in more than one realm: EXAMPLE.ORG, EXAMPLE.COM"},
		{"testdata/keytab/ktrem", "has no key of smtp/mail.example.org"},
		{"testdata/keytab/imap", "has no key of smtp/mail.example.org"},
		{"testdata/keytab/sha2", "has keys of smtp/mail.example.org, but none for aes128- or aes256-cts-hmac-sha1-96"},
	} {
		r := do(t, "", "serve", "-listen", "127.0.0.1:0", "-host", "mail.example.org", "-keytab", c.file)
		if r.status != 2 || r.out != "" || !strings.HasSuffix(r.err, c.want+"\n") || strings.Count(r.err, "\n") != 1 {
			t.Errorf("%s: %+v", c.file, r)
		}
	}
}

// A file that ends anywhere, or has another octet anywhere, is read or refused.
func TestHarmedKeytab(t *testing.T) {
	whole, err := os.ReadFile("testdata/keytab/ktadd")
	if err != nil {
		t.Fatal(err)
	}
	path := file(t, "keytab", "")
	read := func(text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		k, err := readKeytab(path, "mail.example.org")
		if err == nil && (len(k.Keys) == 0 || kerberos.EType(k.Key) == 0 || len(k.Realm) == 0) {
			t.Errorf("%x: %+v", text, k)
		}
	}
	for i := range whole {
		read(whole[:i])
		for _, octet := range []byte{0, 0x7f, 0x80, 0xff} {
			harmed := append([]byte(nil), whole...)
			harmed[i] = octet
			read(harmed)
		}
	}
}

// GSS-07: with a key GSSAPI is offered, in clear text too, as it shows nothing;
// the ticket may be sealed with any of the keys that have not been replaced yet.
func TestServeKeytab(t *testing.T) {
	s := start(t, 2, "-listen", "127.0.0.1:0", "-tls-listen", "127.0.0.1:0", "-host", "mail.example.org", "-user", tim,
		"-keytab", "testdata/keytab/ktadd", "-print-ca")
	root := s.root(t)
	for _, c := range []struct {
		name, key string
		want      string
	}{
		{"newest", "c07bd8890fe5b38f6a46b23b79ba6f088da9e0860ca959883c3a0a46ab7f8841", ""},
		{"aes128", "92dc7b85e452feca06c64d5a325498c7", ""},
		{"imap's", "8c7b95149acdcc083b6c8ceea958e6aba82239a0063850f58458b03bf51fd20e", "it does not take the ticket (reply 535; AUTH-27, RFC 4954 §6).\n"},
	} {
		key, _ := hex.DecodeString(c.key)
		centre := serveKDC(t, &kerberos.KDC{Realm: "EXAMPLE.ORG", Host: "mail.example.org", Key: key,
			Users: map[string]string{"tim": "x"}, Rand: rand.Reader, Now: time.Now})
		for tls, addr := range map[string]string{"none": s.addrs[0], "starttls": s.addrs[0], "implicit": s.addrs[1]} {
			r := do(t, "", "connect", "-addr", addr, "-server-name", "mail.example.org", "-mechanism", "GSSAPI", "-tls", tls, "-ca", root,
				"-kdc", centre, "-user", "tim", "-password", "x")
			if (r.status == 0) != (c.want == "") || !strings.HasSuffix(r.err, c.want) || !strings.Contains(r.out, "C: AUTH GSSAPI") {
				t.Errorf("%s, %s: %+v", c.name, tls, r)
			}
		}
	}
}

// serveKDC has a centre answer on TCP (RFC 4120 §7.2.2), one question after
// the other.
func serveKDC(t *testing.T, centre *kerberos.KDC) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(5 * time.Second))
			length := make([]byte, 4)
			io.ReadFull(conn, length)
			request := make([]byte, min(binary.BigEndian.Uint32(length), 4096))
			io.ReadFull(conn, request)
			if answer, err := centre.Answer(request); err == nil {
				conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...))
			}
			conn.Close()
		}
	}()
	return l.Addr().String()
}
