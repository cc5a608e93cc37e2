#include "AviaryZooFiles.h"

static const unsigned char card_resnet8_fashion_mnist[] = {
#embed "cards/resnet8-fashion-mnist.md"
};

static const unsigned char catalogue[] = {
#embed "catalogue.yml"
};

static const unsigned char recipe_mlp_fashion_mnist[] = {
#embed "recipes/mlp-fashion-mnist.yml"
};

static const unsigned char recipe_patch_encoder_fashion_mnist[] = {
#embed "recipes/patch-encoder-fashion-mnist.yml"
};

static const unsigned char recipe_resnet20_fashion_mnist[] = {
#embed "recipes/resnet20-fashion-mnist.yml"
};

static const unsigned char recipe_resnet8_fashion_mnist[] = {
#embed "recipes/resnet8-fashion-mnist.yml"
};

static const struct AviaryZooFile files[] = {
    {"cards/resnet8-fashion-mnist.md", card_resnet8_fashion_mnist, sizeof card_resnet8_fashion_mnist},
    {"catalogue.yml", catalogue, sizeof catalogue},
    {"recipes/mlp-fashion-mnist.yml", recipe_mlp_fashion_mnist, sizeof recipe_mlp_fashion_mnist},
    {"recipes/patch-encoder-fashion-mnist.yml", recipe_patch_encoder_fashion_mnist,
     sizeof recipe_patch_encoder_fashion_mnist},
    {"recipes/resnet20-fashion-mnist.yml", recipe_resnet20_fashion_mnist, sizeof recipe_resnet20_fashion_mnist},
    {"recipes/resnet8-fashion-mnist.yml", recipe_resnet8_fashion_mnist, sizeof recipe_resnet8_fashion_mnist},
};

const struct AviaryZooFile *aviary_zoo_file(unsigned long index) {
    return &files[index];
}

unsigned long aviary_zoo_file_count(void) {
    return sizeof files / sizeof files[0];
}
