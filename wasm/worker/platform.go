//go:build js

package main

import (
	"errors"
	"syscall/js"
	"time"

	"github.com/syumai/workers/cloudflare"
)

// The names of these bindings stand in wrangler.jsonc.
const (
	links  = "LINKS"  // a KV namespace
	limit  = "LIMIT"  // a rate limiter
	assets = "ASSETS" // the site
)

// store is the KV namespace. The library gives a missing key as the text of a
// JavaScript null, so this asks by itself.
type store struct{}

func (store) Get(key string) ([]byte, error) {
	v, err := await(cloudflare.GetBinding(links).Call("get", key))
	if err != nil || v.Type() != js.TypeString {
		return nil, err
	}
	return []byte(v.String()), nil
}

func (store) Put(key string, value []byte, lasting time.Duration) error {
	_, err := await(cloudflare.GetBinding(links).Call("put", key, string(value), map[string]any{"expirationTtl": int(lasting.Seconds())}))
	return err
}

// allow asks the platform's limiter. One that fails lets everybody in.
func allow(visitor string) bool {
	v, err := await(cloudflare.GetBinding(limit).Call("limit", map[string]any{"key": visitor}))
	return err != nil || v.Get("success").Truthy()
}

// missing is the site's page for an address that leads nowhere.
func missing() []byte {
	response, err := await(cloudflare.GetBinding(assets).Call("fetch", "https://assets/404.html"))
	if err == nil {
		var text js.Value
		if text, err = await(response.Call("text")); err == nil {
			return []byte(text.String())
		}
	}
	panic(err)
}

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	settle := func(failed bool) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any {
			o := outcome{value: args[0]}
			if failed {
				o.err = errors.New(js.Global().Call("String", args[0]).String())
			}
			done <- o
			return nil
		})
	}
	kept, broken := settle(false), settle(true)
	defer kept.Release()
	defer broken.Release()
	promise.Call("then", kept, broken)
	o := <-done
	return o.value, o.err
}
