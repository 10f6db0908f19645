// Program does what leans on the tables of functions, and prints what came of
// it: unwinding and growing stacks, collecting garbage, panics, reflection,
// goroutines, TLS. Its last act is a panic that nobody recovers.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

type node struct {
	next *node
	text string
}

// deep makes a stack of that many frames, each with a pointer that the collector
// and a stack that grows have to find, and counts what they lead to.
func deep(depth int, last *node, at func()) (length int) {
	own := &node{last, fmt.Sprint(depth)}
	defer func() { length += len(own.text) }()
	if depth == 0 {
		at()
		for one := own; one != nil; one = one.next {
			length += len(one.text)
		}
		return length
	}
	return deep(depth-1, own, at)
}

func collect() {
	for range 3 {
		garbage := make([][]byte, 1000)
		for i := range garbage {
			garbage[i] = make([]byte, 1000)
		}
		runtime.GC()
	}
}

// value has a method that a nil pointer cannot have: the compiler's wrapper
// panics.
type value struct{ n int }

func (v value) Method() int { return v.n }

type methodical interface{ Method() int }

func caught(f func()) (what string) {
	defer func() {
		if fault := recover(); fault != nil {
			_, ours := fault.(runtime.Error)
			what = fmt.Sprintf("%v, of the runtime: %v", reflect.TypeOf(fault), ours)
		}
	}()
	f()
	return "nothing"
}

// callers counts the frames up to main.
func callers() int {
	pcs := make([]uintptr, 100)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	n := 0
	for more := true; more; n++ {
		_, more = frames.Next()
	}
	return n
}

func handshake() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"host"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	root, err := x509.ParseCertificate(cert)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	a, b := net.Pipe()
	server := tls.Server(a, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}, SessionTicketsDisabled: true})
	client := tls.Client(b, &tls.Config{RootCAs: roots, ServerName: "host"})
	go func() {
		io.WriteString(server, "said through TLS")
		server.Close()
	}()
	said, err := io.ReadAll(client)
	fmt.Printf("heard %q\n", said)
	return err
}

func main() {
	fmt.Println("deep:", deep(5000, nil, collect))
	fmt.Println("callers:", callers(), "goroutines:", runtime.NumGoroutine())

	var wait sync.WaitGroup
	var total [8]int
	for i := range total {
		wait.Add(1)
		go func() {
			defer wait.Done()
			total[i] = deep(300, nil, runtime.Gosched)
		}()
	}
	wait.Wait()
	fmt.Println("goroutines:", total, runtime.NumGoroutine())

	double := func(in []reflect.Value) []reflect.Value {
		deep(500, nil, collect)
		return []reflect.Value{reflect.ValueOf(in[0].String() + in[0].String())}
	}
	made := reflect.MakeFunc(reflect.TypeFor[func(string) string](), double).Interface().(func(string) string)
	method := reflect.ValueOf(&strings.Builder{}).MethodByName("WriteString").Interface().(func(string) (int, error))
	n, err := method(made(fmt.Sprint("made", 1)))
	fmt.Println("reflected:", n, err)

	var none *value
	var m methodical = none
	var index []int
	fmt.Println("wrapper:", caught(func() { m.Method() }))
	fmt.Println("index:", caught(func() { index[len(os.Args)]++ }))
	fmt.Println("nil:", caught(func() { none.n++ }))
	fmt.Println("own:", caught(func() { panic(errors.New("ours")) }))
	fmt.Println("exit:", caught(func() {
		defer func() { fmt.Println("again:", recover()) }()
		panic("first")
	}))
	fmt.Println("stack:", len(debug.Stack()) > 0)
	if err := handshake(); err != nil {
		fmt.Println("TLS:", err)
	}
	finalized := make(chan bool)
	func() {
		kept := &node{text: "to be collected"}
		runtime.SetFinalizer(kept, func(*node) { close(finalized) })
	}()
	collect()
	<-finalized
	fmt.Println("finalized")
	_, file, line, ok := runtime.Caller(0)
	fmt.Fprintln(os.Stderr, "here:", file, line, ok)
	panic("the end")
}
