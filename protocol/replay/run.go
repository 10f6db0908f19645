package replay

import (
	"fmt"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
)

// Run replays a recording to our client, where the recording names a client's
// dialect that is one, else to our server. With id ("ID" or "ID/VARIANT") that
// dialect is meant, whatever the recording names.
func Run(r *Recording, all *dialect.All, id string) (Result, error) {
	_, ofServer := all.Server(id)
	_, ofClient := all.Client(id)
	c := r.Header["client-dialect"]
	_, named := all.Client(c)
	if id == "" && named {
		result, err := runClient(r, all, c)
		if _, real := all.Server(r.Header["server-dialect"]); err == nil && real {
			var more Result
			more, err = runServer(r, all, "")
			result.Add(more)
		}
		return result, err
	}
	if ofClient && !(ofServer && r.Header["server-dialect"] == id) {
		return runClient(r, all, id)
	}
	return runServer(r, all, id)
}

func runClient(r *Recording, all *dialect.All, id string) (Result, error) {
	p, err := planOf(r, all, id)
	if err != nil {
		return Result{}, err
	}
	return ToClient(r, p), nil
}

// planOf is that of a client's dialect, with the recording's options.
func planOf(r *Recording, all *dialect.All, id string) (client.Plan, error) {
	base := client.Plan{Name: "client.example.org", Host: "mail.example.org",
		User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: password}}, Mail: &client.Mail{}}
	return all.Plan(base, id, r.Header["client-options"])
}

func runServer(r *Recording, all *dialect.All, id string) (Result, error) {
	p, err := policyOf(r, all, id)
	if err != nil {
		return Result{}, err
	}
	return ToServer(r, p)
}

// policyOf is that of a server's dialect, where id is empty that of the
// recording.
func policyOf(r *Recording, all *dialect.All, id string) (server.Policy, error) {
	variant := r.Header["server-variant"]
	if id == "" {
		id = r.Header["server-dialect"]
	} else {
		id, variant, _ = strings.Cut(id, "/")
	}
	s, known := all.Server(id)
	if !known {
		return server.Policy{}, fmt.Errorf("no server's dialect is called %q", id)
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
	return all.Policy(base, id, variant)
}
