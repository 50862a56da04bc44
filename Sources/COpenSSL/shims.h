// The system OpenSSL as Swift sees it. Below the includes stand macros and variadics only, since Swift's
// importer cannot see those; each says which one it stands for.
#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
