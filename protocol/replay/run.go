package replay

import (
	"fmt"
	"strings"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
)

// Run replays a recording to the side that is a real one, or to the server in
// the dialect id ("ID" or "ID/VARIANT"), where one is given.
func Run(r *Recording, all *dialect.All, id string) (Result, error) {
	variant := r.Header["server-variant"]
	if id == "" {
		id = r.Header["server-dialect"]
	} else {
		id, variant, _ = strings.Cut(id, "/")
	}
	s, known := all.Server(id)
	if !known {
		return Result{}, fmt.Errorf("no server's dialect is called %q", id)
	}
	name := "tim"
	if s.Account != "" {
		name = s.Account
	}
	secret := password
	if strings.HasPrefix(name, "mox@") {
		secret = "moxmoxmox"
	}
	base := server.Policy{Host: "mail.example.org", Role: server.Submission, LocalDomains: []string{"example.org", "mail.example.org"},
		Accounts: []sasl.Account{{Name: name, Password: sasl.Secret{Text: secret}, Stored: sasl.Clear}}}
	p, err := all.Policy(base, id, variant)
	if err != nil {
		return Result{}, err
	}
	return ToServer(r, p)
}
