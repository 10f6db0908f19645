package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"time"

	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
)

var serveCommand = command{name: "serve", about: `
[FLAGS]

Serves SMTP with AUTH on TCP: behind STARTTLS at -listen, and inside TLS from
the start at -tls-listen; without either, at 127.0.0.1:2525. An address without
a host is loopback's. Prints "listening on ADDR" for each listener when it is
ready. The certificate is given with -cert and -key, or made anew, for the
host's name, localhost and the addresses of loopback; -print-ca prints its root
first. A message is told with -json before its client hears that it was
accepted, and then thrown away; where it cannot be told it is refused with 451.

-json prints each session as frames, one JSON object a line, as the page has
them; "session" tells those of one connection. A message has a line of its own,
with "session" and "message", before the frame of the reply to it. Secrets are masked in them
unless -show-secrets is given: passwords, responses, and what is computed.

SIGTERM lets each session end its transaction, and exits 0.
`, flags: func(fs *flag.FlagSet) func(context.Context, []string, streams) error {
	f := &serveFlags{}
	fs.StringVar(&f.listen, "listen", "", "the `ADDR` for clear text and STARTTLS, as 127.0.0.1:2525")
	fs.StringVar(&f.tlsListen, "tls-listen", "", "the `ADDR` for implicit TLS, as 127.0.0.1:4465")
	f.policyFlags.declare(fs)
	f.certificate.declare(fs)
	fs.BoolVar(&f.json, "json", false, "print each session as frames")
	fs.BoolVar(&f.showSecrets, "show-secrets", false, "do not mask secrets in the frames")
	f.limits = netio.Defaults
	f.limits.Address = 0 // it depends on the address
	fs.IntVar(&f.limits.Connections, "max-connections", f.limits.Connections, "`N` at once; more are told 421")
	fs.IntVar(&f.limits.Address, "max-per-address", 0, "`N` at once from one address; more are told 421 (default 64, of loopback any)")
	fs.DurationVar(&f.limits.Delay, "refused-delay", 0, "the `TIME` by which each refused log-in of an address delays the reply to the next one that is refused, up to 32 times")
	fs.Int64Var(&f.limits.Octets, "max-octets", f.limits.Octets, "`N` octets that a session may send before it is told 421")
	fs.Int64Var(&f.limits.Messages, "max-messages", f.limits.Messages, "`N` octets of messages under way at once; more are told 452")
	fs.DurationVar(&f.limits.Line, "command-time", f.limits.Line, "the `TIME` for one line before the session is told 421")
	fs.DurationVar(&f.limits.Session, "session-time", f.limits.Session, "the `TIME` for a session before it is told 421")
	fs.DurationVar(&f.drain, "drain-time", 10*time.Second, "the `TIME` that open transactions have after SIGTERM")
	return f.run
}}

type serveFlags struct {
	listen, tlsListen string
	policyFlags
	certificate       certificateFlags
	json, showSecrets bool
	limits            netio.Limits
	drain             time.Duration
}

func (f *serveFlags) run(ctx context.Context, args []string, s streams) error {
	if err := none(args); err != nil {
		return err
	}
	if f.limits.Connections <= 0 || f.limits.Address < 0 || f.limits.Delay < 0 || f.limits.Octets <= 0 || f.limits.Messages <= 0 || f.limits.Line <= 0 || f.limits.Session <= 0 || f.drain < 0 {
		return bad("a limit is more than nothing")
	}
	policy, wanted, err := f.policyFlags.read(f.certificate.clientCA != "")
	if err != nil {
		return err
	}
	config, root, err := f.certificate.read(policy.Host, wanted)
	if err != nil {
		return err
	}
	host, err := netio.NewServer(policy, sasl.Env{})
	if err != nil {
		return badInput{err}
	}
	host.TLS, host.Limits = config, f.limits
	out := newOutlet(s.out)
	defer out.close()
	if f.json {
		frames := &frameWriter{out: out, showSecrets: f.showSecrets}
		host.Watch, host.Record, host.Deliver = frames.watch, true, frames.deliver
	}
	listeners, err := f.open()
	if err != nil {
		return err
	}
	if len(root) > 0 {
		if _, err := out.Write(root); err != nil {
			return err
		}
	}
	return serve(ctx, host, listeners, f.drain, out)
}

// A listener is where one role is served.
type listener struct {
	net.Listener
	role server.Role
}

// open opens all listeners, or none.
func (f *serveFlags) open() (listeners []listener, err error) {
	if f.listen == "" && f.tlsListen == "" {
		f.listen = "127.0.0.1:2525"
	}
	for _, at := range []struct {
		addr string
		role server.Role
	}{{f.listen, server.Submission}, {f.tlsListen, server.Submissions}} {
		if at.addr == "" {
			continue
		}
		if _, _, err := net.SplitHostPort(at.addr); err != nil {
			return nil, badInput{err}
		}
		l, err := netio.Listen(at.addr)
		if err != nil {
			for _, l := range listeners {
				l.Close()
			}
			return nil, err
		}
		listeners = append(listeners, listener{l, at.role})
	}
	return listeners, nil
}

// serve serves until ctx is done, and then until the sessions are over. None of
// them waits for the output any longer than a transaction may last then.
func serve(ctx context.Context, host *netio.Server, listeners []listener, drain time.Duration, out *outlet) error {
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { ended <- host.Serve(l, l.role) }()
		fmt.Fprintf(out, "listening on %s\n", l.Addr())
	}
	var failed error
	running := len(listeners)
	select {
	case <-ctx.Done():
	case failed = <-ended:
		running--
	}
	patience, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	defer context.AfterFunc(patience, out.close)()
	host.Shutdown(patience)
	for range running {
		<-ended
	}
	return failed
}
