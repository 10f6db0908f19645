package view

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/link"
)

// fieldsOf are what Beside has said: "insist=on after-tls=PLAIN LOGIN".
func fieldsOf(w Words) string {
	if w.ID == "" {
		return ""
	}
	var all []string
	for _, f := range w.Args[1].([]Words) {
		name := f.Args[1].(Words).ID
		name = name[strings.LastIndexByte(name, '.')+1:]
		value := fmt.Sprint(f.Args[3])
		all = append(all, name+"="+strings.TrimPrefix(value, "ui.beside."))
	}
	return strings.Join(all, "; ")
}

func TestBeside(t *testing.T) {
	offer := func(names ...string) func(*session.Setup) {
		return func(s *session.Setup) { s.Server.AfterTLS = names }
	}
	tests := []struct {
		id     string
		before func(*session.Setup)
		slot   Slot
		value  string
		want   string
	}{
		{"cram-md5", offer("CRAM-MD5"), Mechanism, "PLAIN", "after-tls=CRAM-MD5 PLAIN"},
		{"cram-md5", nil, Mechanism, "PLAIN", ""},
		{"cram-md5", nil, Mechanism, scenario.Unknown, "insist=on"},
		{"cram-md5", nil, Mechanism, "EXTERNAL", "after-tls=PLAIN LOGIN CRAM-MD5 EXTERNAL; certificate=tim"},
		{"cram-md5", nil, Port, "submissions", "client-tls=ui.choice.client-tls.implicit; starttls=off"},
		{"cram-md5", nil, Port, "relay", "require-auth=off"},
		{"cram-md5", nil, Protection, "none", "in-clear=on; before-tls=PLAIN LOGIN CRAM-MD5"},
		{"cram-md5", nil, Protection, "implicit", "port=465; starttls=off"},
		{"cram-md5", nil, SlotClientTLS, "none", ""},
		{"cram-md5", nil, SlotAfterTLS + " PLAIN", "", ""},
		{"cram-md5", nil, User, "tom", ""},
		{"cram-md5", nil, SlotSendMail, "", ""},
		{"wrong-password", nil, SlotStoredPassword + " 0", "x", ""},
	}
	for _, tt := range tests {
		sc, _ := scenario.ByID(tt.id)
		before := sc.Setup()
		if tt.before != nil {
			tt.before(&before)
		}
		after := before
		Change(&after, tt.slot, tt.value)
		w := Beside(before, after, tt.slot)
		got := fieldsOf(w)
		if got != tt.want {
			t.Errorf("%s to %q: %s, want %s", tt.slot, tt.value, got, tt.want)
		}
	}
}

// Whatever an edit changes is the field's own, or is said: over every slot, all
// its choices, and every scenario, one of each mechanism, port and protection.
func TestNothingChangesSilently(t *testing.T) {
	coupled, seen := 0, map[string]bool{}
	for _, sc := range scenario.All {
		before := sc.Setup()
		kind := fmt.Sprint(before.Client.Mechanisms, before.Server.Role, before.Client.TLS)
		if seen[kind] {
			continue
		}
		seen[kind] = true
		was := link.ValuesOf(before, nil)
		slots := map[Slot][]string{Protection: {"none", "starttls", "implicit"}}
		for _, s := range allSettings(before) {
			for _, one := range append(s.Ticks, s) {
				slots[one.Slot] = []string{"", "yes"}
				for _, c := range one.Choices {
					slots[one.Slot] = append(slots[one.Slot], c.Value)
				}
			}
		}
		for slot, values := range slots {
			for _, value := range values {
				after := before
				Change(&after, slot, value)
				is, said := link.ValuesOf(after, nil), fieldsOf(Beside(before, after, slot))
				changed := maps.Clone(was)
				maps.Copy(changed, is)
				for path := range changed {
					if was[path] == is[path] {
						continue
					}
					name := fieldOf(path)
					if name == "" {
						t.Errorf("%s: %s changes %s, which has no field", sc.ID, slot, path)
					} else if !strings.Contains(said, name+"=") && !own(slot, name) {
						t.Errorf("%s: %s to %q changes %s silently; said: %q", sc.ID, slot, value, path, said)
					} else if !own(slot, name) {
						coupled++
					}
				}
			}
		}
	}
	if coupled < 100 {
		t.Errorf("only %d values were changed beside a field", coupled)
	}
}

// own tells whether a value is the slot's own.
func own(slot Slot, name string) bool {
	of, _, _ := strings.Cut(string(slot), " ")
	return of == name || of == string(Protection) && name == string(SlotClientTLS) || of == string(SlotSendMail) && strings.Contains("from to text", name)
}

// fieldOf is the name of the field that shows a value of the JSON form.
func fieldOf(path string) string {
	for prefix, name := range map[string]string{
		".client.user.authcid": "user", ".client.user.password": "password", ".client.user.authzid": "authzid",
		".client.mechanisms": "mechanism", ".client.insist": "insist", ".client.tls": "client-tls", ".client.password_in_clear": "in-clear",
		".client.initial_response": "initial", ".client.auth": "when", ".client.cancel": "give-up", ".client.mail.from": "from",
		".client.mail.to": "to", ".client.mail.text": "text", ".server.role": "port", ".server.require_auth": "require-auth",
		".server.extensions": "starttls", ".server.keywords": "starttls", ".server.mechanisms_before_tls": "before-tls",
		".server.mechanisms_after_tls": "after-tls", ".server.auth_without_tls": "without-tls", ".server.login.username": "first-prompt",
		".server.login.password": "second-prompt", ".server.challenge": "challenge", ".server.tokens": "issuer", ".server.keytab": "realm",
		".tls.client": "certificate", ".tls.client_min": "client-min", ".tls.server_max": "server-max", ".tls.certificate.host": "cert-host",
		".tls.certificate.expired": "cert-expired", ".seed": "seed",
	} {
		if rest, is := strings.CutPrefix(path, prefix); is && (rest == "" || rest[0] == '.') {
			return name
		}
	}
	for suffix, name := range map[string]string{".name": "account", ".password": "stored-password", ".stored": "stored"} {
		if strings.HasPrefix(path, ".server.accounts.") && strings.HasSuffix(path, suffix) {
			return name
		}
	}
	if strings.HasPrefix(path, ".server.accounts.") && strings.Contains(path, ".act_as") {
		return "act-as"
	}
	return ""
}
